"""Keys, the encrypted field, log redaction, hosts and one-time links; knows no app."""
