"""How good a model is: its metrics, how sure they are, the verdict, and the record of its picks."""
