// Any page of any Tauri app may call Evaldesk once its capability says evaldesk:default.
window.__TAURI__.core.invoke("plugin:evaldesk|connection_list", { args: {} }).then(({ connections }) => {
  const items = connections.map(({ name, database }) => {
    const item = document.createElement("li");
    item.textContent = `${name}: ${database}`;
    return item;
  });
  document.querySelector("#connections").replaceChildren(...items);
});
