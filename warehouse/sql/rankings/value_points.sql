-- on: points
-- inline
select benchmark, entry, points::double as value, points::double as directed from points
