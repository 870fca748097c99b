-- Capability labels of subsets, with their validity.
select * from known_capabilities
