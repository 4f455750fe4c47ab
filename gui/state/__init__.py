"""What the window knows: it outlives the widgets, which are built anew for another theme or scale. Knows no Tk."""
