"""Speed, measured: data made inside the database, a real server in front of it."""
