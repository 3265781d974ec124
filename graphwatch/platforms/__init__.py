"""What is known of each platform: the forms of its addresses, what its records can show, and its terms."""
