"""A store whose rows break what the schema promises, and documents that meet the broken ones in every kind of place."""

from pathlib import Path

import duckdb

from warehouse.store import Store

# What the schema promises and these rows break: values that must not be null, floats and integers that JSON or GraphQL
# cannot hold, names that are none of their enumeration. Some rows of each table stay whole.
DAMAGE = """
    update models set display_name = null where place % 5 = 1;
    update models set unlimited_tokens = null where place % 7 = 2;
    update models set memory_mb = 'nan' where place % 3 = 0;
    update models set memory_mb = '-inf' where place % 6 = 1;
    update models set embedding_dimension = 3000000000 where place % 4 = 0;
    update models set parameters = 9223372036854775807 where place % 5 = 0;
    update models set model_types = null where place % 9 = 4;
    update models set languages = ['eng', null] where place % 9 = 5;
    update models set openness_score = 3000000000 where place % 11 = 0;
    update model_aliases set match = 'GUESSED' where name like '%a%';
    update tasks set lower_is_better = null where name like '%i%';
    update tasks set unit = 'FURLONGS' where place % 3 = 1;
    update tasks set splits = [null, 'test'] where place % 5 = 2;
    update tasks set descriptive_statistics = '{ no JSON' where place % 5 = 3;
    update benchmarks set in_menu = null where place % 4 = 3;
    update benchmarks set unit = 'FURLONGS' where place % 6 = 1;
    update benchmark_tasks set splits = null where place % 3 = 2;
    update benchmark_tasks set subsets = ['default', null] where place % 3 = 1;
    update scores set value = 'nan' where seq % 9 = 1;
    update scores set value = 'inf' where seq % 9 = 2;
    update scores set metric = null where seq % 13 = 3;
    update scores set source_rank = -3000000000 where seq % 7 = 4;
    update scores set pull_request = 3000000000 where seq % 5 = 0;
    update leaderboard_entries set scored = null where position % 7 = 3;
    update leaderboard_entries set rank = 3000000000 where position % 5 = 4;
    update leaderboard_entries set mean_task = 'inf' where position % 4 = 2;
    update leaderboard_entries set trained_on_tasks = [null] where position % 6 = 1;
    update leaderboard_task_scores set value = 'nan' where (position + place) % 6 = 1;
    update leaderboard_task_type_scores set task_type = null where position % 5 = 2;
    update leaderboard_task_type_scores set value = '-inf' where position % 5 = 1;
    update capabilities set name = null where label = 'mm';
    update languages set name = null where code like 'f%';
    update menu set open = null;
    update versions set label = null where source = 'easi';
    update sources set uri = null where name = 'hub';
"""
MEETING = {
    "a leaf": "{ tasks(first: 12) { nodes { name unit } } }",
    "a leaf that must not be null": "{ models(first: 12) { nodes { name displayName } } }",
    "a list of what must not be null": "{ models(first: 20) { nodes { languages modelTypes } } tasks { nodes { splits } } }",
    "nodes and edges": "{ tasks(first: 9) { edges { cursor node { lowerIsBetter } } nodes { isPublic } totalCount } }",
    "the same under names": """{ a: models(first: 8) { nodes { x: embeddingDimension y: memoryMb x: embeddingDimension } }
        b: models(last: 8) { edges { node { ...Sizes } } } } fragment Sizes on Model { z: memoryMb p: parameters }""",
    "a list within a list": """{ benchmark(name: "EASI-8") { leaderboard { entries { nodes {
        rank taskScores { value trainedOn } taskTypeScores { taskType value } taskValues trainedOnTasks meanTask } } } } }""",
    "what is embedded": """{ benchmark(name: "EASI-8") { leaderboard { entries(first: 3) { nodes {
        taskScores { cells { subset score { value metric sourceRank provenance { pullRequest } } } } } } } } }""",
    "an object of the same row": '{ model(name: "GPT-5-2025-08-07") { standings { entry { rank coverage { scored } } } } }',
    "several at once": """{ scores(first: 30) { nodes { value metric sourceRank model { displayName memoryMb } task { unit } } }
        languages { name code } menu { open name } capabilities { name } warehouse { sources { name uri } } }""",
    "an object that may be null": """{ a: benchmark(name: "EASI-8") { tasks { splits subsets task { name } } name }
        b: benchmark(name: "EASI-12") { leaderboard { entries { nodes { coverage { scored } } } } name }
        c: benchmark(name: "EASI-8") { leaderboard { version { label } method } name } }""",
}  # fmt: skip


def damage(folder: Path) -> None:
    """Break rows of the current snapshot of a data directory that is nobody else's."""
    published = Store(folder).current()
    assert published is not None
    with duckdb.connect(str(published.file)) as connection:
        connection.execute(DAMAGE)
