// A code that was scanned stands after the number sign of the address, which is sent nowhere: it is put into the form,
// taken out of the address and the history, and sent.

const code = location.hash.slice(1);
if (code) {
  history.replaceState(null, "", location.pathname);
  document.getElementById("code").value = code;
  document.querySelector("form.code").requestSubmit();
}
