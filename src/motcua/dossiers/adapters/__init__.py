"""Where the dossier meets the engines below it: who performs a step, what a letter says."""
