"""The names of EASI: its benchmarks, boards and sub-scores. Leaderboards, submissions and the store use them alike."""
