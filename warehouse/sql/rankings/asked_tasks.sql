select name from tasks
