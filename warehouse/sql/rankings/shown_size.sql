-- on: ranked
select count(*) as entries from ranked
