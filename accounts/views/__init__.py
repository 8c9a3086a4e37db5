"""Pages about who one is: home, invitations, profile, tokens, the people of a company."""
