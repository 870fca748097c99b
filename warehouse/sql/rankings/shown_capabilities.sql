-- on: capability_labels
select label, min(name) as name from capability_labels group by label order by label
