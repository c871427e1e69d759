"""Untidy files of the plan, read to plain rows: no database beyond names to match."""
