select language_set from language_sets where list_has_any(languages, $languages)
