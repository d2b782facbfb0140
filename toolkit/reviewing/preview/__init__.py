"""What a workbook would do to every answer, before anything is written."""
