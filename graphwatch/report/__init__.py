"""Dossiers: documents about a lead, an account, an agency or a run, made to be handed on and printed."""
