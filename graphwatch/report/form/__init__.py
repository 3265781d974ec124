"""A document as HTML for print, Markdown or a workbook."""
