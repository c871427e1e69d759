"""Untidy files of the appraisal, read to plain rows: no database beyond names to match."""
