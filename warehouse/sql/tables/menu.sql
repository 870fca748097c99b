-- The menu.
select * exclude (source) from origin_menu
