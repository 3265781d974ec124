"""What a document is made of, as read from a store and already under pseudonyms."""
