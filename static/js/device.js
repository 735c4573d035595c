// Tells the server this device's time zone, so that "until 23:00" means the clock on the wall here.

const NAME = "moodrec_zone";
const A_YEAR_S = 31_536_000;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const known = document.cookie.split("; ").includes(`${NAME}=${zone}`);
const { base } = document.documentElement.dataset;

if (zone && !known) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${NAME}=${zone}; path=${base}; max-age=${A_YEAR_S}; samesite=lax${secure}`;
}
