// Comfort only: everything can be read and printed without this.
(function () {
  "use strict";
  function reveal() {
    var id = decodeURIComponent(location.hash.slice(1));
    var place = id && document.getElementById(id);
    if (!place) return;
    var hidden = place.closest("[data-rule][hidden]");
    if (hidden) choose(hidden.parentNode, hidden.dataset.rule);
    for (var up = place; up; up = up.parentNode) if (up.nodeName === "DETAILS") up.open = true;
    if (place.classList.contains("table")) {
      var fold = place.querySelector("details");
      if (fold) fold.open = true;
    }
    place.scrollIntoView();
  }
  function choose(part, rule) {
    part.querySelectorAll(":scope > [data-rule]").forEach(function (block) {
      block.hidden = block.dataset.rule !== rule;
    });
    var select = part.querySelector("select.rule");
    if (select) select.value = rule;
  }
  function label(words, field) {
    var box = document.createElement("label");
    box.append(words + " ", field);
    var row = document.createElement("div");
    row.className = "controls";
    row.append(box);
    return row;
  }
  var charts = document.getElementById("part-12");
  var rules = [];
  if (charts) charts.querySelectorAll(":scope > [data-rule]").forEach(function (block) {
    if (block.dataset.name) rules.push([block.dataset.rule, block.dataset.name]);
  });
  if (rules.length > 1) {
    var select = document.createElement("select");
    select.className = "rule";
    rules.forEach(function (rule) {
      select.add(new Option(rule[1], rule[0]));
    });
    select.addEventListener("change", function () { choose(charts, select.value); });
    charts.querySelector("h2").after(label("Rule shown:", select));
    choose(charts, rules[0][0]);
  }
  document.querySelectorAll("table[data-filter]").forEach(function (table) {
    var input = document.createElement("input");
    input.type = "search";
    input.addEventListener("input", function () {
      var wanted = input.value.toLowerCase();
      table.querySelectorAll("tbody tr").forEach(function (row) {
        row.hidden = row.textContent.toLowerCase().indexOf(wanted) < 0;
      });
    });
    table.closest(".scroll").before(label(table.dataset.filter + ":", input));
  });
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (fold) { fold.open = true; });
    document.querySelectorAll("[data-rule][hidden]").forEach(function (block) { block.hidden = false; });
  });
  reveal();
})();
