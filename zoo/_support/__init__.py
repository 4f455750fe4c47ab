"""What several packages of the zoo need beneath them: files, processes, bars of progress."""
