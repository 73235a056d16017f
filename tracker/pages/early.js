// In the page itself: runs the charts' library as soon as the server has been asked for the page's contents, while
// there is nothing else to do. Before that it would hold up the asking.
{
  const observer = new MutationObserver(() => {
    if (!document.querySelector("[data-test-connection-state=CONNECTED]")) return;
    observer.disconnect();
    const script = document.createElement("script");
    script.dataset.plotly = "";
    script.src = new URL("LIBRARY", document.baseURI);
    // plot.js then asks again.
    script.onerror = () => script.remove();
    document.head.append(script);
  });
  observer.observe(document, { subtree: true, childList: true, attributeFilter: ["data-test-connection-state"] });
}
