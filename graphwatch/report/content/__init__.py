"""A case put in words: the parts of documents before they have a form."""
