"""What documents are made of, as read from a store and already under pseudonyms."""
