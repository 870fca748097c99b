-- on: ordered
-- inline
select entry, case when expected > 0 then position end as rank from ordered
