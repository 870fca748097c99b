-- Language codes and names.
select code, min(name) as name from origin_languages group by code
