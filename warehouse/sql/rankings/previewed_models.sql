-- inline
select name from models
union all
select $previewed_model
