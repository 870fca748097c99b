select name from models
