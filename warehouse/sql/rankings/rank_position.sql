-- on: ordered
-- inline
select entry, position as rank from ordered
