import './common.js';

const canvas = document.getElementById('sea');
const hours = document.getElementById('hours');

function draw() {
  const pen = canvas.getContext('2d');
  const count = Number(hours.value);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = '#1d70b8';
  pen.beginPath();
  for (let hour = 0; hour <= count; hour++) {
    const y = canvas.height / 2 - (canvas.height / 3) * Math.sin((hour * Math.PI) / 6);
    pen.lineTo((hour / count) * canvas.width, y);
  }
  pen.stroke();
  document.getElementById('drawn').textContent = `${count} hours drawn`;
}

hours.addEventListener('input', draw);
draw();
