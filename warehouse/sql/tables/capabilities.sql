-- Capability labels of subsets, with their validity; a subset without any is in origin.capabilities alone.
select * from known_capabilities where label is not null
