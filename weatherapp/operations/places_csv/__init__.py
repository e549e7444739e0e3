"""Places as a table: CSV that spreadsheets read and write."""
