"""Why a pair or a cluster is a lead: one account of it for the terminal, the dossier and the page alike."""
