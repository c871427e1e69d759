// Draws [data-chart] from the option beside it. ECharts is fetched only where there is a chart.
(() => {
  "use strict";
  const COLOURS = { ink: "--ink", grey: "--grey", soft: "--line", line: "--line-soft", blue: "--blue", surface: "--surface",
    red: "--red-mark", yellow: "--yellow-mark", green: "--green-mark", idle: "--idle-mark" };
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let fetching = null;

  const fetchECharts = (address) => {
    fetching ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve(window.echarts);
      script.onerror = reject;
      document.head.append(script);
    });
    return fetching;
  };

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(COLOURS[name]).trim();

  // "@blue" anywhere in the option becomes the theme's blue
  const painted = (value) => {
    if (typeof value === "string" && value[0] === "@" && value.slice(1) in COLOURS) return colour(value.slice(1));
    if (Array.isArray(value)) return value.map(painted);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, painted(inner)]));
    }
    return value;
  };

  const axis = (given) => ({
    axisLine: { lineStyle: { color: colour("soft") } },
    axisTick: { show: false },
    axisLabel: { color: colour("grey"), fontSize: 13 },
    splitLine: { lineStyle: { color: colour("line") } },
    nameTextStyle: { color: colour("grey"), fontSize: 13 },
    ...given,
  });

  const axes = (given) => (Array.isArray(given) ? given.map(axis) : given && axis(given));

  const complete = (option) => ({
    animation: !still.matches,
    animationDuration: 120,
    color: [colour("blue"), colour("grey"), colour("soft")],
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13, color: colour("ink") },
    grid: { left: 8, right: 72, top: 32, bottom: 8, containLabel: true },
    ...option,
    tooltip: {
      trigger: "axis", confine: true, backgroundColor: colour("surface"), borderColor: colour("soft"),
      textStyle: { color: colour("ink"), fontSize: 13 }, ...option.tooltip,
    },
    xAxis: axes(option.xAxis),
    yAxis: axes(option.yAxis),
    series: (option.series || []).map((one) => ({
      ...one, label: { color: colour("ink"), ...one.label }, endLabel: one.endLabel && { color: colour("ink"), ...one.endLabel },
    })),
  });

  const draw = (place) => {
    const given = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    fetchECharts(place.dataset.echarts).then((echarts) => {
      const chart = echarts.getInstanceByDom(place) || echarts.init(place, null, { renderer: "svg" });
      chart.setOption(complete(painted(given)), true);
      if (!place.dataset.drawn) new ResizeObserver(() => chart.resize()).observe(place);
      place.dataset.drawn = "yes";
    });
  };

  const drawAll = (within) => within.querySelectorAll("[data-chart]").forEach(draw);

  // paper is narrower than the window
  const fit = () => document.querySelectorAll("[data-drawn]").forEach((place) => window.echarts.getInstanceByDom(place).resize());
  window.addEventListener("beforeprint", fit);
  window.addEventListener("afterprint", fit);

  drawAll(document);
  document.addEventListener("htmx:load", (event) => drawAll(event.target));
  document.documentElement.addEventListener("yiqi:theme", () => drawAll(document));
})();
