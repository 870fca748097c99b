-- on: points
-- inline
select entry, rank from points
