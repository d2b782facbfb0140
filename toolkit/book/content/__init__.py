"""What pages show: answers, results, quotes, files, figures."""
