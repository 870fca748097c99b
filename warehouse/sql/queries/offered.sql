-- The views and table macros that a snapshot offers to those who ask by SQL, with what they hold.
select function_name || '(' || array_to_string(parameters, ', ') || ')' as name, comment
from duckdb_functions()
where not internal and function_type = 'table_macro'
union all
select view_name as name, comment
from duckdb_views()
where not internal and schema_name = 'main'
order by name
