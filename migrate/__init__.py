"""slingshift as a library: plan, apply and prove the move from JWT to OAuth Server-to-Server."""
