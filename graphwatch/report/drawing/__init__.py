"""Still pictures of documents."""
