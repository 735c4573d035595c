// On the page that is shown without a network: tries again as soon as there is one.

addEventListener("online", () => location.reload());
