"""Studies of a data set or a result: statistics, weights, panels, removal of elements, comparison."""
