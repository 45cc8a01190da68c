// What happens when the coordinator cannot be reached: Blazor's script tries again and says how that goes.
const notice = document.getElementById("components-reconnect-modal");

notice.addEventListener("components-reconnect-state-changed", event => {
  // The coordinator answers but does not know this page any more: it was started anew.
  if (event.detail.state === "rejected") {
    location.reload();
  }
});

document.addEventListener("click", event => {
  if (event.target.closest("[data-reload]")) {
    location.reload();
  }
});
