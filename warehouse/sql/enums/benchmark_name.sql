-- Names of benchmarks.
select name as value from origin_benchmarks
