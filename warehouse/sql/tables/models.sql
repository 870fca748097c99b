-- Every model that any source names; each column from the first source that knows it.
with described as (
    select
        names.model, sources.precedence, origin_models.* exclude (name, source)
    from model_aliases as names
    left join origin_models on origin_models.source = names.source and origin_models.name = names.name
    left join precedence as sources on sources.source = names.source
),
merged as (
    select model, arg_min(columns(* exclude (model, precedence)), coalesce(precedence, 9))
    from described
    group by model
)
select
    model as name,
    coalesce(organization, case when model like '%/%' then split_part(model, '/', 1) end) as organization,
    coalesce(display_name, split_part(model, '/', -1)) as display_name,
    coalesce(unlimited_tokens, false) as unlimited_tokens,
    coalesce(model_types, []) as model_types,
    coalesce(modalities, []) as modalities,
    coalesce(languages, []) as languages,
    coalesce(frameworks, []) as frameworks,
    * exclude (model, organization, display_name, unlimited_tokens, model_types, modalities, languages, frameworks)
from merged
