-- Current scores with a value, of models that have another score on the cell.
-- inline
select * from scores where shares_cell and valid_to is null and value is not null
