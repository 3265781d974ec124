"""The sections of documents: a case put in words, before it has a form."""
