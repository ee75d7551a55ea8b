<title>Inventory</title>
<p>Client library of generation {{driver}}</p>
