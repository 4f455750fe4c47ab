"""What runs an artifact: LiteRT, or TensorFlow where somebody asks for it; ``zoo/scratch`` runs those in NumPy."""
